"""PyTorch side of adamw.ts: for every line on stdin, `foreach` or `fused`, clips and takes one step on one thread, and prints
milliseconds of processor time. Argument: entries of each of twelve tensors."""

import sys
import time

import torch

torch.set_num_threads(1)
count = int(sys.argv[1])


def optimizer(**form):
    params = [torch.randn(count).requires_grad_() for _ in range(12)]
    for param in params:
        param.grad = torch.randn(count)
    return params, torch.optim.AdamW(params, lr=1e-3, **form)


forms = {"foreach": optimizer(foreach=True), "fused": optimizer(fused=True)}
print(torch.__version__, flush=True)
for line in sys.stdin:
    params, adamw = forms[line.strip()]
    start = time.process_time()
    torch.nn.utils.clip_grad_norm_(params, 1e9)
    adamw.step()
    print(1000 * (time.process_time() - start), flush=True)
