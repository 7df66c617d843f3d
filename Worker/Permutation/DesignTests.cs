using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The tests of a model's hypotheses on one model matrix: that of all subjects, or of those that are present at an element.
/// </summary>
/// <param name="Design">The model matrix.</param>
/// <param name="Lists">The hypotheses by their lists of shuffles.</param>
/// <param name="Scores">For each hypothesis the conversion of its statistic to z.</param>
internal sealed record DesignTests(WholeCohortDesign Design, IReadOnlyList<TestedHypotheses> Lists, IReadOnlyList<NormalScores> Scores);
