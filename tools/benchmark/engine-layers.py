"""PyTorch side of engine-layers.mjs and backends.mjs: for every line on stdin, runs the work that it names once and prints its
milliseconds. Arguments: threads, and "bf16" for products in bfloat16 (autocast), weights in float32."""

import sys
import time

import torch
from torch.nn import functional as F

torch.set_num_threads(int(sys.argv[1]))
bf16 = sys.argv[2:] == ["bf16"]


def param(*shape):
    return (0.02 * torch.randn(*shape)).requires_grad_()


def bert_layer(batch=16, tokens=64, dim=768, heads=12, inner=3072):
    x = torch.randn(batch, tokens, dim, requires_grad=True)
    shapes = [(dim, dim)] * 4 + [(inner, dim), (dim, inner)]
    weights = [(param(*shape), param(shape[0])) for shape in shapes]
    norms = [(param(dim), param(dim)) for _ in range(2)]
    upstream = torch.randn(batch, tokens, dim)
    leaves = [x, *(t for pair in weights + norms for t in pair)]

    def run():
        split = lambda t: t.view(batch, tokens, heads, dim // heads).transpose(1, 2)
        query, key, value = (split(F.linear(x, *weights[i])) for i in range(3))
        attended = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(batch, tokens, dim)
        y = F.layer_norm(F.linear(attended, *weights[3]) + x, (dim,), *norms[0], 1e-12)
        z = F.layer_norm(F.linear(F.gelu(F.linear(y, *weights[4])), *weights[5]) + y, (dim,), *norms[1], 1e-12)
        torch.autograd.grad((z * upstream).sum(), leaves)

    return run


def bottleneck(batch=16, size=28, channels=512, inner=128):
    last = torch.channels_last
    x = torch.randn(batch, channels, size, size).to(memory_format=last).requires_grad_()
    shapes = [(inner, channels, 1, 1), (inner, inner, 3, 3), (channels, inner, 1, 1)]
    filters = [(0.05 * torch.randn(*shape)).to(memory_format=last).requires_grad_() for shape in shapes]
    norms = [(param(shape[0]), param(shape[0])) for shape in shapes]
    running = [(torch.zeros(shape[0]), torch.ones(shape[0])) for shape in shapes]
    upstream = torch.randn(batch, channels, size, size).to(memory_format=last)
    leaves = [x, *filters, *(t for pair in norms for t in pair)]

    def run():
        y = x
        for i, filter in enumerate(filters):
            y = F.conv2d(y, filter, padding=filter.shape[2] // 2)
            y = F.batch_norm(y, *running[i], *norms[i], training=True)
            y = F.relu(y + x if i == 2 else y)
        torch.autograd.grad((y * upstream).sum(), leaves)

    return run


works = {"bert-layer": bert_layer(), "bottleneck": bottleneck()}
print(torch.__version__, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        works[line.strip()]()
    print(1000 * (time.perf_counter() - start), flush=True)
