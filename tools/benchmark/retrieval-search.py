"""Exact search with faiss: reads float32 rows, times single queries and batches. Arguments: file, rows, dim, threads."""
import statistics
import sys
import time

import faiss
import numpy as np

path, rows, dim, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
faiss.omp_set_num_threads(threads)
vectors = np.fromfile(path, dtype=np.float32).reshape(-1, dim)
gallery, queries = vectors[:rows], vectors[rows:]
index = faiss.IndexFlatIP(dim)
index.add(gallery)


def rate(batch, repeats):
    times = []
    for i in range(repeats):
        start = time.perf_counter()
        index.search(queries[i * batch : (i + 1) * batch], 10)
        times.append(time.perf_counter() - start)
    return batch / statistics.median(times)


rate(1, 3)
single, batched = rate(1, 40), rate(100, 5)
_, best = index.search(queries[:100], 10)
print(single, batched)
print(" ".join(str(row) for row in best.flatten()))
