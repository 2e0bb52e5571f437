import { formatDuration } from '../terminal/duration.ts';
import type { PhaseSpeed, RunReport } from './fit-report.ts';

/** What a run took, as names and values for a terminal or a table. */
export function usageRows({ speed, usage, cost }: RunReport): [name: string, value: string][] {
  const { energyWattHours, price, currency } = cost;
  return [
    ...speed.map((phase): [string, string] => [`speed, ${phase.phase}`, speedText(phase)]),
    ['time', `${formatDuration(usage.wallSeconds * 1000)}, ${formatDuration(usage.cpuSeconds * 1000)} of busy cores`],
    ['peak memory', `${usage.peakMemoryMiB.toFixed(0)} MiB`],
    [
      'energy',
      energyWattHours === undefined ? usage.energySource : `${energyWattHours.toFixed(2)} Wh (${usage.energySource})`,
    ],
    ...(price === undefined ? [] : [['cost', `${price.toFixed(2)} ${currency}`] as [string, string]]),
  ];
}

function speedText({ phase, steps, rowsPerStep, medianStepMs, rowsPerSecond }: PhaseSpeed): string {
  const rows = phase === 'distillation' ? 'captions' : 'pairs';
  const step = `median step ${medianStepMs.toFixed(1)} ms of ${String(rowsPerStep)} ${rows}`;
  return `${rowsPerSecond.toFixed(0)} ${rows}/s over ${String(steps)} steps, ${step}`;
}

/** The report of a run as Markdown: `report.md`. */
export function reportMarkdown(report: RunReport, scoreLines: readonly string[]): string {
  const { name, epochs, bestEpoch, loss, alarms } = report;
  const chosen = bestEpoch === 0 ? 'as it was after the distillation' : `of epoch ${String(bestEpoch)}`;
  const rows = [
    ['epochs', `${String(epochs)}; exported is the model ${chosen}, the best on dev`],
    ['loss', `${loss.last.toFixed(3)} in the last epoch; chance ${loss.chance.toFixed(3)}`],
    ...usageRows(report),
  ];
  const alarmLines = alarms.map(({ step, message }) => `- step ${String(step)}: ${message}`);
  return `# ${name}

${['| | |', '| --- | --- |', ...rows.map(([key, value]) => `| ${String(key)} | ${String(value)} |`)].join('\n')}

## Scores

\`\`\`
${scoreLines.join('\n')}
\`\`\`

![loss, recall and what else was measured](curves.png)
${alarmLines.length === 0 ? '' : `\n## Alarms\n\n${alarmLines.join('\n')}\n`}`;
}
