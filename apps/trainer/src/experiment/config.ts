import { dataConfig } from '@azclip/data';
import { z } from 'zod';

/** Part of a run configuration: whatever `trainer:fit` understands; checked when the jobs are made. */
const fragment = z.record(z.string(), z.unknown());

const choiceName = z.string().regex(/^[\w.+-]+$/u, 'expected letters, digits, "-", "+", "_" and "." only');

/** A data set to train on and to score on. */
const experimentSet = z.strictObject({
  data: dataConfig,
  /** Language of its captions. */
  language: z.string().min(2).default('az'),
  /** Part that the finished model is scored on. */
  split: z.enum(['dev', 'test']).default('dev'),
});

/** A Slurm cluster, for `--slurm`. */
const slurmConfig = z.strictObject({
  partition: z.string().min(1).optional(),
  /** Cores of a job. */
  cpusPerTask: z.int().positive().default(2),
  /** Memory of a job, as Slurm writes it. */
  memory: z.string().min(1).default('8G'),
  /** Wall clock of a job, as Slurm writes it. */
  time: z.string().min(1).default('24:00:00'),
  /** Jobs that run at the same time. */
  atOnce: z.int().positive().optional(),
  /** Further lines of the script, before the command, such as `module load nodejs`. */
  setup: z.array(z.string()).default([]),
});

/** Estimate of energy where the machine does not measure it. */
const energyConfig = z.strictObject({
  /** Power of one busy core, W. */
  wattsPerCore: z.number().positive(),
});

/** A grid of training runs: what `trainer experiment` reads from one YAML file. */
export const experimentConfig = z.strictObject({
  name: choiceName,
  /** Folder of the report and of the jobs. */
  output: z.string().min(1),
  /** What all runs share. */
  base: fragment,
  /** Data sets by name: each run trains on one and is scored on all. */
  sets: z.record(choiceName, experimentSet).refine((sets) => Object.keys(sets).length > 0, 'expected at least one'),
  /** Axes of the grid, such as `tower`, `loss`, `augmentation`, `volume`: choices by name, each a part of the run
   * configuration that is laid over `base`, in the order of the axes. */
  axes: z.record(choiceName, z.record(choiceName, fragment)).default({}),
  /** Runs to make: a choice of each axis and of `set`; an axis with one choice may be left out. Absent: all combinations. */
  rows: z.array(z.record(z.string(), z.string())).min(1).optional(),
  /** Every run is made once a seed. */
  seeds: z.array(z.int()).min(1).default([1]),
  /** Samples of the bootstrap. */
  resamples: z.int().min(100).default(1000),
  /** Processes at the same time, locally. */
  parallel: z.int().positive().default(1),
  energy: energyConfig.optional(),
  slurm: slurmConfig.prefault({}),
});

/** A checked grid. */
export type ExperimentConfig = z.output<typeof experimentConfig>;

/** A Slurm cluster. */
export type SlurmConfig = ExperimentConfig['slurm'];
