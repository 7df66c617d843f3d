using System.Diagnostics;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Chooses how many elements are fitted before they are published: few enough that a stop is heeded within a second or so and little is
/// lost to a kill, enough that publishing costs nothing. Results do not depend on it.
/// </summary>
/// <param name="first">Elements of the first block.</param>
internal sealed class AdaptiveBlockSize(int first)
{
    /// <summary>Elements of the first block where one element takes no time worth mentioning.</summary>
    public const int Smallest = 32;

    private const int Largest = 1 << 16;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    /// <summary>Elements of the next block.</summary>
    public int Elements { get; private set; } = first;

    /// <summary>Learns from a full block that began at <paramref name="started"/> (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public void Finished(long started)
    {
        var taken = Stopwatch.GetElapsedTime(started);
        if (taken < Short)
            Elements = Math.Min(Largest, Elements * 2);
        else if (taken > Long)
            Elements = Math.Max(1, Elements / 2);
    }
}
