export { fileSource, type ByteSource } from './byte-source.ts';
export { tarMembers, type TarMember } from './tar-members.ts';
