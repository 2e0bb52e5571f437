import { makeTestFolder, type TestFolder } from './test-folder.spec.helper.ts';
import { openEmbedder } from './embedder.ts';

let test: TestFolder;
beforeEach(async () => {
  test = await makeTestFolder();
});
afterEach(() => test.remove());

describe('openEmbedder', () => {
  it('embeds texts of different lengths in one batch as it embeds each alone', async () => {
    const embedder = await openEmbedder(test.model, { threads: 1 });
    const texts = ['mavi', 'qırmızı yaşıl sarı mavi ağ', ''];
    const together = await embedder.embed(texts);
    const alone = await Promise.all(texts.map((text) => embedder.embed([text])));
    expect(together).toBeAllClose(alone.flatMap((row) => Array.from(row)));
    await embedder.dispose();
  });

  it('cuts a text that is longer than the context', async () => {
    const embedder = await openEmbedder(test.model, { threads: 1 });
    const long = await embedder.embed([Array<string>(5000).fill('mavi').join(' ')]);
    expect(long).toBeAllClose(await embedder.embed([Array<string>(14).fill('mavi').join(' ')])); // 16 − [CLS], [SEP]
    await embedder.dispose();
  });
});
