export { countWithoutPositives, meanOf, medianOf, valuesOf } from './aggregate.ts';
export { CutoffError, DuplicateIdError, EmptyGalleryError, LengthError, ScoreError, UnknownIdError } from './errors.ts';
export { type ApDivisor, averagePrecision } from './measures/average-precision.ts';
export { hitAtK } from './measures/hit.ts';
export { firstRank, reciprocalRank } from './measures/reciprocal-rank.ts';
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
export { dotScores, type ScoreChunk, type ScoreRows, scoresOfFeatures, scoresOfMatrix } from './score-rows.ts';
