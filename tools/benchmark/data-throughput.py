"""Decode, random resized crop, flip and normalise with torchvision and Pillow in one process. Argument: JSON with the image
files and the size. Prints images per second of the clock and of the processor."""
import json
import sys
import time

import torch
from PIL import Image
from torchvision import transforms

o = json.loads(sys.stdin.read())
torch.set_num_threads(1)
transform = transforms.Compose(
    [
        transforms.RandomResizedCrop(o["size"]),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)
for path in o["files"][:20]:
    transform(Image.open(path).convert("RGB"))
start, cpu = time.time(), time.process_time()
for path in o["files"]:
    transform(Image.open(path).convert("RGB"))
count = len(o["files"])
print(json.dumps({"clock": count / (time.time() - start), "cpu": count / (time.process_time() - cpu)}))
