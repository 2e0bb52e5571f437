/** Runs every case on the backend that is named, in a process of its own, and prints what came out as JSON. */
import { useBackend, type BackendName } from '../src/backend.ts';
import { backendCases, runCase, runTraining, type CaseResult } from '../src/backend/cases.spec.support.ts';

const [backend = 'cpu', nativeFolder] = process.argv.slice(2);
try {
  const { device } = await useBackend(backend as BackendName, { nativeFolder });
  const results: Record<string, CaseResult> = {};
  for (const name of Object.keys(backendCases)) results[name] = await runCase(name);
  process.stdout.write(JSON.stringify({ device, results: { ...results, training: await runTraining() } }));
} catch (error) {
  process.stdout.write(JSON.stringify({ failure: (error as Error).message }));
}
process.exit();
