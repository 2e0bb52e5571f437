export { countWithoutPositives, meanOf, medianOf, valuesOf } from './aggregate.ts';
export {
  BabelImageNetError,
  fillPrompt,
  type ImageNetClasses,
  readImageNetClasses,
  readPrompts,
} from './babel-imagenet.ts';
export {
  bootstrap,
  type BootstrapOptions,
  type Interval,
  meanStatistic,
  medianStatistic,
  type Statistic,
} from './bootstrap.ts';
export { CutoffError, DuplicateIdError, EmptyGalleryError, LengthError, ScoreError, UnknownIdError } from './errors.ts';
export { type Judgement, JudgementError, readCrowdFlowerAnnotations, readExpertAnnotations } from './judgements.ts';
export { type KendallTau, kendallTau } from './kendall.ts';
export { type ApDivisor, averagePrecision } from './measures/average-precision.ts';
export { bpref } from './measures/bpref.ts';
export { hitAtK } from './measures/hit.ts';
export { type GainKind, ndcgAtK } from './measures/ndcg.ts';
export {
  PAPER_CUTOFF,
  paperMaf1,
  paperMap,
  paperMar,
  type PaperScores,
  paperScores,
  paperTopK,
  tableMaf1,
} from './measures/paper.ts';
export { precisionAtK } from './measures/precision.ts';
export { rPrecision } from './measures/r-precision.ts';
export { recallAtK } from './measures/recall.ts';
export { firstRank, reciprocalRank } from './measures/reciprocal-rank.ts';
export {
  type Protocol,
  protocolLine,
  protocolOf,
  protocolOfCounts,
  type ProtocolStamp,
  splitFingerprint,
} from './protocol.ts';
export { type PairedTest, pairedRandomisationTest } from './randomisation.ts';
export { type RankOptions, rankPositives } from './rank-positives.ts';
export { type JudgedNegatives, type Ranking, rankingOf } from './ranking.ts';
export {
  type DirectionScores,
  type RetrievalFeatures,
  type RetrievalRankings,
  retrievalRankings,
  type RetrievalScores,
  retrievalScores,
} from './retrieval-scores.ts';
export { type ScoreCard, scoreCard, type ScoreCardOptions } from './score-card.ts';
export {
  dotScores,
  type ScoreChunk,
  type ScoreRows,
  type Scores,
  scoresOfArray,
  scoresOfFeatures,
  scoresOfMatrix,
} from './score-rows.ts';
export { topK } from './top-k.ts';
export { type Qrels, rankRun, type RankRunOptions, readQrels, readRun, type Run, TrecFormatError } from './trec.ts';
export { classFeatures, type ZeroShotFeatures, type ZeroShotScores, zeroShotScores } from './zero-shot.ts';
