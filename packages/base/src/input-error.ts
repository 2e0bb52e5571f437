/** The base of every error that the user's input causes: the message alone, one sentence that names the file, line or
 * key, what was expected and what came, tells what to mend. Apps print it without a stack trace and exit with code 1;
 * any other error is a defect of the program and keeps its trace. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}
