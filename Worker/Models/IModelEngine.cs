using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Worker.Models;

/// <summary>
/// A model that was checked against a cohort and a file and is ready to be fitted at any element. Immutable and shared by all threads;
/// each thread fits through a fitter of its own.
/// </summary>
/// <remarks>
/// Results are reproducible to the bit: what is computed for an element depends on its own values and on the run's spec only — never on its
/// neighbours, its block, the thread, or the content of a cache.
/// </remarks>
internal interface IModelEngine
{
    /// <summary>The columns, fixed for the run.</summary>
    ResultLayout Layout { get; }

    /// <summary>The scalars to read, response first, then the scalar predictors; all on the same elements.</summary>
    IReadOnlyList<string> Scalars { get; }

    /// <summary>
    /// The cohort's columns, derived ones and weights included, whose values affect the results. Their values are part of the run's digest.
    /// </summary>
    IReadOnlyList<string> CohortColumns { get; }

    /// <summary>The version of the engine's arithmetic, raised whenever a bit of a result may change; part of the run's digest.</summary>
    int NumericVersion { get; }

    /// <summary>
    /// The cohort's rows that the model can use, ascending: those without a missing phenotype among its variables. Null: all of them.
    /// </summary>
    IReadOnlyList<int>? CompleteRows => null;

    /// <summary>
    /// The rows of an element at which no subject is missing: <see cref="CompleteRows"/>, without those of weight 0 where these are left
    /// out.
    /// </summary>
    IReadOnlyList<int>? FittedRows => CompleteRows;

    /// <summary>The subjects and variables as the model understands them.</summary>
    ModelFrame Frame { get; }

    /// <summary>The model matrix, for checking contrasts; null: not requested.</summary>
    ModelMatrix? Matrix => null;

    /// <summary>Warnings about the model and this cohort, for the user, before anything is fitted.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// The number of elements from which on a call of the fitter is efficient; it is given so many where there are.
    /// </summary>
    int ElementsPerFit => 1;

    /// <summary>Judges how many elements lack subjects, before anything is fitted.</summary>
    /// <param name="sample">What was found at some elements.</param>
    /// <returns>A warning for the user; null: none.</returns>
    /// <exception cref="BadInputException">There are too many for this model.</exception>
    string? JudgeMissing(MissingSample sample) => null;

    /// <summary>
    /// The permutation tests of <see cref="Layout"/> with what takes time to find and only people read; null: there are none.
    /// </summary>
    PermutationLayout? DeclareTests() => Layout.Permutation;

    /// <summary>The shuffles of the model, for stages over them; null: it has none.</summary>
    IShuffledModel? Shuffled => null;

    /// <summary>Creates the workspace of one thread.</summary>
    IBlockFitter CreateFitter();
}

/// <summary>Fits blocks of elements on one thread. Owns its workspace; in the steady state it allocates nothing per element.</summary>
internal interface IBlockFitter : IDisposable
{
    /// <summary>
    /// Fits every element of <paramref name="block"/> and writes all of <paramref name="results"/>, NaN where there is no value. Neither
    /// is used after the call.
    /// </summary>
    void Fit(in ScalarBlock block, in ResultBlock results);
}
