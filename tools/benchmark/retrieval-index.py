"""PyTorch side of retrieval-index.ts: for every line on stdin, decodes the images of a folder (Pillow), resizes, crops and
normalises them as torchvision does, embeds them by the eager network in batches, and prints the seconds."""

import sys
import time
from pathlib import Path

import torch
import torchvision
from PIL import Image
from torchvision.transforms import v2

name, folder, threads, batch = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
network = torchvision.models.get_model(name).eval()
transform = v2.Compose(
    [
        v2.PILToTensor(),
        v2.Resize(256, antialias=True),
        v2.CenterCrop(224),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)
paths = sorted(folder.glob("*.jpg"))

print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    with torch.no_grad():
        for i in range(0, len(paths), batch):
            images = [transform(Image.open(path).convert("RGB")) for path in paths[i : i + batch]]
            network(torch.stack(images))
    print(time.perf_counter() - start, flush=True)
