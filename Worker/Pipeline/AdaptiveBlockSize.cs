using System.Diagnostics;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Chooses how many elements are fitted before they are published: few enough that a stop takes effect within a second or so and a kill
/// loses little, many enough that the cost of publishing is negligible. Results do not depend on it.
/// </summary>
internal sealed class AdaptiveBlockSize
{
    /// <summary>
    /// A block that takes longer is published with what is done: Slurm kills a job 30 s after asking it to stop, and the rest of that time
    /// is needed for publishing, syncing and ending. Only a single element can exceed it.
    /// </summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>Elements of the first block, unless a single element may take long.</summary>
    private const int DefaultFirst = 32;

    private const int Largest = 1 << 16;

    /// <summary>The clock and the stop are looked at so many times in a block, unless its elements are fast.</summary>
    private const int PiecesPerBlock = 16;

    /// <summary>Elements that take less are fast: so many of them may pass before the clock is looked at, even if some are slow.</summary>
    private const double FastSeconds = 1e-3;
    private const int FastPiece = 128;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    private readonly bool _areFast;

    /// <summary>Begins with a small block.</summary>
    /// <param name="mayTakeLong">Nobody knows how long one element takes, as with user code: the first block has one.</param>
    /// <param name="secondsPerElement">What the probe measured; 0: unknown.</param>
    public AdaptiveBlockSize(bool mayTakeLong, double secondsPerElement)
    {
        _areFast = !mayTakeLong && secondsPerElement < FastSeconds;
        Elements = mayTakeLong ? 1 : (int)Math.Clamp(Short.TotalSeconds / Math.Max(1e-9, secondsPerElement), 1, DefaultFirst);
    }

    /// <summary>Elements of the next block.</summary>
    public int Elements { get; private set; }

    /// <summary>Elements to fit before the clock and the stop are looked at: all of a block's would take too long if they suddenly became
    /// slow.</summary>
    public int ElementsPerLook => Math.Max(_areFast ? FastPiece : 1, Elements / PiecesPerBlock);

    /// <summary>Adapts to the time of a full block.</summary>
    /// <param name="started">When it began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    public void Finished(long started)
    {
        var taken = Stopwatch.GetElapsedTime(started);
        if (taken < Short)
            Elements = Math.Min(Largest, Elements * 2);
        else if (taken > Long)
            Elements = Math.Max(1, Elements / 2);
    }

    /// <summary>Adapts to a block that was published early because it took too long.</summary>
    /// <param name="elements">The elements that were done.</param>
    public void CutShort(int elements) => Elements = Math.Max(1, elements / 2);
}
