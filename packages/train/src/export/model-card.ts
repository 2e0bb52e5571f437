import type { ModelConfig } from '@azclip/retrieval';

import type { FitConfig } from '../config.ts';

/** The `README.md` of a model folder: what it is, how it was made, how good it is and by which protocol. */
export function modelCard(
  config: FitConfig,
  { fingerprint, scores = {}, protocols = {}, ...model }: ModelConfig,
): string {
  const parts = [...new Set(Object.keys(scores).map((name) => name.split('/')[0] ?? ''))];
  return `# ${config.name}

Text→image search in \`${config.language}\`: a ${model.imageTower} image tower and a ${model.textTower} text tower,
${String(model.embedDim)} dimensions, trained by azclip. Search a folder of photographs with it:

\`\`\`
npx nx run retrieval:search --model=<this folder> --images=<your folder> "…"
\`\`\`

| | |
| --- | --- |
| data | ${config.data.reader} |
| loss | ${config.loss.name} |
| epochs × batch | ${String(config.train.epochs)} × ${String(config.train.batchSize)} |
| seed | ${String(config.seed)} |
| fingerprint | \`${fingerprint.slice(0, 16)}\` |

## Scores
${parts.map((part) => scoreTable(part, scores)).join('\n')}
All captions of an image are its positives; R@k is the share of queries with a positive among the first k; ties count
against the model. The epoch was chosen on dev. Scores compare where their protocols are equal:

${Object.entries(protocols)
  .map(([scored, protocol]) => `- ${scored}: ${protocol}`)
  .join('\n')}

## Input and output
\`image.onnx\`: \`pixels\` float32 [batch, ${String(model.preprocessing.size)}, ${String(model.preprocessing.size)}, 3] → \`features\`; \`text.onnx\`: \`ids\` int32 and \`mask\` float32
[batch, tokens ≤ ${String(model.contextLength)}] → \`features\`; rows of both have unit length. \`config.json\` tells the preprocessing.
`;
}

function scoreTable(part: string, scores: Readonly<Record<string, number>>): string {
  const of = (direction: string, name: string): number => scores[`${part}/${direction}/${name}`] ?? NaN;
  const row = (direction: string): string => {
    const recalls = [1, 5, 10].map((k) => (of(direction, `recall@${String(k)}`) * 100).toFixed(1));
    const [mrr, map] = [of(direction, 'mrr').toFixed(3), of(direction, 'map').toFixed(3)];
    const counts = [of(direction, 'queries'), of(direction, 'gallery'), of(direction, 'median-rank')].map(String);
    return `| ${part} | ${direction} | ${[...counts.slice(0, 2), ...recalls, mrr, map, ...counts.slice(2)].join(' | ')} |`;
  };
  return `| part | direction | queries | gallery | R@1 | R@5 | R@10 | MRR | MAP | median rank |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${row('text-to-image')}
${row('image-to-text')}
`;
}
