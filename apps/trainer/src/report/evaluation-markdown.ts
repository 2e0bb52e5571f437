import type { EvaluationReport } from '../evaluation/evaluate.ts';
import { leakNotes } from '../evaluation/leaks.ts';
import { evaluationTables } from './evaluation-tables.ts';
import { markdownTable } from './table.ts';

/** Writes an evaluation as Markdown.
 * @param curve - path of the recall@k chart, relative to the report. */
export function evaluationMarkdown(report: EvaluationReport, curve: string): string {
  const notes = leakNotes(report.leaks).map((note) => `**${note}**`);
  const parts = [
    `# ${report.name}`,
    ...notes,
    ...evaluationTables(report).map(markdownTable),
    `## R@k\n\n![R@k](${curve})`,
  ];
  if (report.issues.length > 0) parts.push(issueList(report));
  return `${parts.join('\n\n')}\n`;
}

function issueList({ issues }: EvaluationReport): string {
  const lines = issues.map(({ place, message }) => `- ${place}: ${message}`);
  return `## Items passed over\n\n${lines.join('\n')}`;
}
