import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FeedbackLog, type Feedback } from './feedback-log.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedback-'));
  path = join(folder, 'feedback.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const judge = (id: string, value: Feedback['value'], session = 's'): Feedback => ({
  ...{ time: 1, session, query: 'qırmızı maşın', id, value },
});

describe('FeedbackLog', () => {
  it('remembers the last judgement of a session, through a restart', async () => {
    const log = await FeedbackLog.open(path);
    for (const one of [judge('a', 'up'), judge('b', 'up'), judge('b', 'down'), judge('c', 'up'), judge('c', 'none')]) {
      await log.add(one);
    }
    await log.add(judge('z', 'up', 'another session'));
    await log.close();
    const again = await FeedbackLog.open(path);
    expect(again.judgements('s', 'qırmızı maşın')).toEqual({ liked: ['a'], disliked: ['b'] });
    expect(again.judgements('s', 'mavi')).toEqual({ liked: [], disliked: [] });
    await again.close();
  });

  it('adds the votes of all sessions up', async () => {
    const log = await FeedbackLog.open(path);
    const votes = [
      judge('a', 'up'),
      judge('a', 'up', 't'),
      judge('a', 'down', 'u'),
      judge('b', 'up'),
      judge('b', 'down', 't'),
    ];
    for (const one of votes) await log.add(one);
    expect([...log.byQuery()]).toEqual([['qırmızı maşın', { liked: ['a'], disliked: [] }]]);
    await log.close();
  });

  it('drops a line cut off by a crash and goes on behind the last whole one', async () => {
    await writeFile(path, `${JSON.stringify(judge('a', 'up'))}\n{"time":1,"sess`);
    const log = await FeedbackLog.open(path);
    await log.add(judge('b', 'up'));
    await log.close();
    const again = await FeedbackLog.open(path);
    expect(again.judgements('s', 'qırmızı maşın').liked).toEqual(['a', 'b']);
    await again.close();
  });

  it('names a line that is no judgement', async () => {
    await appendFile(path, '{"time":1}\n');
    await expect(FeedbackLog.open(path)).rejects.toThrow('feedback.jsonl:1: expected a judgement');
  });
});
