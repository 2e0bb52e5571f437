"""PyTorch side of image-inference.ts: for every line on stdin, runs the network that it names once and prints its
milliseconds."""

import sys
import time

import torch
import torchvision

torch.set_num_threads(int(sys.argv[1]))
pixels = torch.randn(int(sys.argv[2]), 3, 224, 224)
networks = {}

print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    name = line.strip()
    if name not in networks:
        networks.clear()
        networks[name] = torchvision.models.get_model(name).eval()
    with torch.no_grad():
        start = time.perf_counter()
        networks[name](pixels)
        print(1000 * (time.perf_counter() - start), flush=True)
