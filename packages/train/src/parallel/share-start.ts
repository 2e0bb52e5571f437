import { createHash } from 'node:crypto';

import { InputError } from '@azclip/base';

import type { Communicator } from './communicator.ts';
import { firstProgress, initialStateOf } from '../phases/beginning-of-run.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { checkpointPath, inOrderOf, type Checkpoint, type Progress } from '../run/checkpoint.ts';
import type { HostTensors } from '../step/host-tensors.ts';

/** Where all ranks begin: at rank 0's checkpoint, or with its fresh parameters.
 * @param from - on rank 0, the checkpoint to go on from; the others need none.
 * @throws {InputError} on a rank whose data or model are not those of rank 0. */
export function shareStart(ranks: Communicator, run: PreparedRun, from: Checkpoint | undefined): Checkpoint {
  const own = { fingerprint: fingerprintOf(run), progress: from?.progress ?? firstProgress(run) };
  const first = JSON.parse(shareText(ranks, JSON.stringify(own))) as { fingerprint: string; progress: Progress };
  if (first.fingerprint !== own.fingerprint) {
    throw new InputError(
      'the training pairs or the model are not those of rank 0: every machine needs the same configuration, data and tokenizer',
    );
  }
  const path = checkpointPath(run.folder, 'last');
  const initial = initialStateOf(run, first.progress.phase);
  const state = from ? inOrderOf(initial, from.state, path) : initial;
  return { state: shareState(ranks, state), progress: first.progress };
}

/** Says in few letters what images, captions and parameters a run has. */
function fingerprintOf({ pairs, initialState, distillation }: PreparedRun): string {
  const hash = createHash('sha256');
  for (const { imageId, captions } of pairs.train) hash.update(`${imageId}\0${captions.join('\0')}\n`);
  for (const { caption, original } of distillation?.train ?? []) hash.update(`${caption}\0${original}\n`);
  for (const [name, { shape }] of Object.entries(initialState)) hash.update(`${name}[${shape.join()}]`);
  return hash.digest('hex');
}

/** Rank 0's state. */
export function shareState(ranks: Communicator, state: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => {
      const data = tensor.data.slice();
      ranks.broadcast(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return [name, { ...tensor, data }];
    }),
  );
}

function shareText(ranks: Communicator, text: string): string {
  const bytes = new TextEncoder().encode(text);
  const length = Uint32Array.of(bytes.length);
  ranks.broadcast(new Uint8Array(length.buffer));
  const shared = new Uint8Array(length[0] as number);
  if (ranks.rank === 0) shared.set(bytes);
  ranks.broadcast(shared);
  return new TextDecoder().decode(shared);
}
