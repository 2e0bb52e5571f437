"""PyTorch side of full-step.ts: for every line on stdin takes one training step and prints its milliseconds and the peak of resident
memory in MiB. Arguments: pairs, tokens, vocabulary, threads."""

import sys
import time

import torch
import torchvision
import transformers
from torch.nn import functional as F

pairs, tokens, vocabulary, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(1)

image = torchvision.models.resnet50(weights=None)
image.fc = torch.nn.Sequential(torch.nn.Linear(2048, 512), torch.nn.LayerNorm(512))
bert = transformers.BertModel(transformers.BertConfig(vocab_size=vocabulary))
head = torch.nn.Sequential(torch.nn.Linear(768, 512), torch.nn.LayerNorm(512))
scale = torch.nn.Parameter(torch.tensor(2.66))
image.train(), bert.train(), head.train()
image = image.to(memory_format=torch.channels_last)
params = [*image.parameters(), *bert.parameters(), *head.parameters(), scale]
optimizer = torch.optim.AdamW(params, lr=1e-4, weight_decay=0.1)

pixels = torch.randn(pairs, 3, 224, 224).to(memory_format=torch.channels_last)
ids = torch.randint(vocabulary, (pairs, tokens))
mask = torch.ones(pairs, tokens)
target = torch.arange(pairs)


def step():
    x = F.normalize(image(pixels), dim=1)
    y = F.normalize(head(bert(input_ids=ids, attention_mask=mask).pooler_output), dim=1)
    logits = x @ y.T * scale.exp()
    loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(params, 1.0)
    optimizer.step()


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


print(sum(p.numel() for p in params), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    step()
    print(1000 * (time.perf_counter() - start), peak(), flush=True)
