import { writeTestModel } from '@azclip/retrieval/testing';
import sharp from 'sharp'; import { mkdir, writeFile } from 'node:fs/promises';
await writeTestModel('/tmp/rt/model');
await mkdir('/tmp/rt/photos/alt', {recursive:true});
for (const [n,c] of Object.entries({qirmizi:'#f00', yasil:'#0f0', 'alt/göy şəkil':'#00f', sari:'#ff0'})) await sharp({create:{width:60,height:40,channels:3,background:c}}).png().toFile(`/tmp/rt/photos/${n}.png`);
await writeFile('/tmp/rt/photos/bad.jpg','nope');
await writeFile('/tmp/rt/photos/captions.jsonl', JSON.stringify({image:'yasil.png',captions:['yaşıl kvadrat','a green square']})+'\n');
