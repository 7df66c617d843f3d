using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Models;

/// <summary>
/// A model that was checked against a cohort and a file and is ready to be fitted at any element. Immutable and shared by all threads;
/// each thread fits through a fitter of its own.
/// </summary>
/// <remarks>
/// The contract of the same bytes: what is computed for an element depends on its own values and on the run's spec only — never on its
/// neighbours, on the block it arrives in, on the thread, or on what a cache holds.
/// </remarks>
internal interface IModelEngine
{
    /// <summary>The columns, fixed for the run.</summary>
    ResultLayout Layout { get; }

    /// <summary>The scalars to read, response first, then the scalar predictors; all on the same elements.</summary>
    IReadOnlyList<string> Scalars { get; }

    /// <summary>
    /// The cohort's columns, derived ones included, whose values decide the numbers (also weights). Their values go into the run's digest.
    /// </summary>
    IReadOnlyList<string> CohortColumns { get; }

    /// <summary>The version of the engine's arithmetic, raised whenever a bit of a result may change; goes into the run's digest.</summary>
    int NumericVersion { get; }

    /// <summary>What the user should know about the model and this cohort before anything is fitted.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Makes the workspace of one thread.</summary>
    IBlockFitter CreateFitter();
}

/// <summary>Fits blocks of elements on one thread. Owns its workspace; in the steady state it allocates nothing per element.</summary>
internal interface IBlockFitter : IDisposable
{
    /// <summary>Fits every element of <paramref name="block"/> and writes all of <paramref name="results"/>.</summary>
    void Fit(in ScalarBlock block, in ResultBlock results);
}

/// <summary>
/// Values of the model's scalars at a run of consecutive elements, as inflated: one matrix a scalar, subjects × elements, row-major,
/// in the file's own subject order (<see cref="ScalarValues.RowOfSubject"/> leads from the cohort's rows to it).
/// </summary>
/// <param name="FirstElement">The 0-based id of the first element.</param>
/// <param name="Count">How many elements.</param>
/// <param name="Scalars">The matrices, in the order of <see cref="IModelEngine.Scalars"/>.</param>
internal readonly record struct ScalarBlock(long FirstElement, int Count, ReadOnlyMemory<ScalarValues> Scalars);

/// <summary>
/// One scalar's values in a block. Exactly one of <see cref="Singles"/> and <see cref="Doubles"/> is set; integers arrive as doubles.
/// Value of subject row i at the block's element e: <c>values[RowOfSubject[i] * Stride + e]</c>. Missing is any non-finite value.
/// </summary>
/// <param name="Singles">float32 values, or empty.</param>
/// <param name="Doubles">float64 values, or empty.</param>
/// <param name="Stride">Values from one subject's row to the next.</param>
/// <param name="RowOfSubject">For each of the model's subject rows (the response scalar's file order), the row in this matrix.</param>
internal readonly record struct ScalarValues(
    ReadOnlyMemory<float> Singles,
    ReadOnlyMemory<double> Doubles,
    int Stride,
    ReadOnlyMemory<int> RowOfSubject
)
{
    /// <summary>What the next block's values are going to be made of.</summary>
    public PrefetchHint Prefetch { get; init; }
}

/// <summary>Where a fitter puts a block's results. All of it must be written.</summary>
/// <param name="Columns">The partial columns, column-major: column c of element e at <c>c * Count + e</c>. NaN where there is no
/// value.</param>
/// <param name="Status">One code an element.</param>
internal readonly record struct ResultBlock(Memory<double> Columns, Memory<ElementStatus> Status);
