using System.Diagnostics;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Chooses how many elements are fitted before they are published: few enough that a stop takes effect within a second or so and a kill
/// loses little, many enough that the cost of publishing is negligible. Results do not depend on it.
/// </summary>
/// <param name="first">Elements of the first block.</param>
internal sealed class AdaptiveBlockSize(int first)
{
    /// <summary>Elements of the first block, unless a single element may take long.</summary>
    public const int DefaultFirst = 32;

    private const int Largest = 1 << 16;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    /// <summary>Elements of the next block.</summary>
    public int Elements { get; private set; } = first;

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
}
