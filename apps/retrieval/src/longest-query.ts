/** Longest query, characters: far more than a model reads. ONNX Runtime 1.30 looks through the command line of its process by a
 * recursive pattern, and one of some 30,000 characters ends the process. */
export const LONGEST_QUERY = 1000;
