/** What a device answers when it is asked for: what it is, or why it does not come and what to do about that. */
export type Answer = Device | Absence;

/** A device that tensor work may run on. */
export interface Device {
  /** What it is, in words, such as `libtensorflow 2.21.0, processor`. */
  readonly device: string;
  /** Whether it is a GPU and not the processor in a GPU's clothes. */
  readonly accelerated: boolean;
}

/** Why a device does not come. */
export interface Absence {
  readonly reason: string;
  readonly remedy: string;
}

/** Whether a device came. */
export const isDevice = (answer: Answer): answer is Device => 'device' in answer;

/** The first line of what was thrown, which need not be this realm's `Error`. */
export function messageOf(error: unknown): string {
  const { message = String(error) } = error as { readonly message?: string };
  return message.split('\n')[0] ?? '';
}
