/** What a user of the published packages writes first; checked by the compiler and run by check.sh. */
import { trainClip } from '@azclip/train';

const run = await trainClip(
  {
    name: 'first-run',
    data: { reader: 'scenes', train: 256, dev: 64, test: 64, imageSize: 32 },
    image: { tower: { name: 'resnet', size: 32 } },
    text: { tower: { name: 'bag' }, tokenizer: { vocabularySize: 300 } },
    train: { batchSize: 64, epochs: 2 },
    evaluation: { everyEpochs: 1 },
  },
  {
    onReport: (report) => {
      if (report.kind === 'epoch') console.log(`epoch ${String(report.epoch)}: loss ${report.loss.toFixed(3)}`);
    },
  },
);
console.log(run.modelDir, run.scores['dev/text-to-image/recall@10']);
