"""The training of configs/flickr8k-az.yaml in PyTorch eager float32: the same towers, shapes, steps and optimizer on features
and pieces of the same sizes. Argument: JSON with images, batchSize, epochs, featureDim, vocabulary, tokens, dim, threads.
Prints seconds."""
import json
import sys
import time

import torch
import torch.nn.functional as F

o = json.loads(sys.argv[1])
torch.set_num_threads(o["threads"])
torch.manual_seed(1)
features = torch.rand(o["images"], o["featureDim"])
pieces = torch.randint(5, o["vocabulary"], (o["images"] * 5, o["tokens"]))
lengths = torch.randint(6, o["tokens"], (o["images"] * 5, 1))
mask = (torch.arange(o["tokens"]) < lengths).float()
pieces = pieces * mask.long()

image = torch.nn.Linear(o["featureDim"], o["dim"])
table = torch.nn.Embedding(o["vocabulary"], o["dim"])
text = torch.nn.Linear(o["dim"], o["dim"])
scale = torch.nn.Parameter(torch.tensor(2.66))
params = [*image.parameters(), *table.parameters(), *text.parameters(), scale]
optimizer = torch.optim.AdamW(params, lr=1e-3, weight_decay=0.1)
target = torch.arange(o["batchSize"])

start = time.time()
for epoch in range(o["epochs"]):
    for rows in torch.randperm(o["images"]).split(o["batchSize"]):
        if len(rows) < o["batchSize"]:
            continue
        captions = rows * 5 + epoch % 5
        keep = mask[captions].unsqueeze(2)
        bag = (table(pieces[captions]) * keep).sum(1) / keep.sum(1)
        x = F.normalize(image(F.dropout(features[rows], 0.3)), dim=1)
        y = F.normalize(text(F.dropout(bag, 0.2)), dim=1)
        logits = x @ y.T * scale.exp()
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        optimizer.step()
print(time.time() - start)
