"""PyTorch side of retrieval-query.ts: for every line on stdin, embeds one text of 16 tokens by an eager BERT of mBERT's
size and prints its milliseconds."""

import sys
import time

import torch
from transformers import BertConfig, BertModel

torch.set_num_threads(int(sys.argv[1]))
model = BertModel(BertConfig(vocab_size=int(sys.argv[2]))).eval()
ids = torch.randint(5, int(sys.argv[2]), (1, 16))
mask = torch.ones_like(ids)

print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    with torch.no_grad():
        start = time.perf_counter()
        model(ids, attention_mask=mask)
        print(1000 * (time.perf_counter() - start), flush=True)
