using HpcFit.Shared.Elements;

namespace HpcFit.Worker.Models;

/// <summary>
/// Maps of statistics: for each hypothesis and shuffle one value per element of the file, NaN where none was stored. Threads may store
/// different elements at the same time.
/// </summary>
internal sealed class StatisticMaps
{
    private readonly float[][] _values;
    private readonly int _capacity;

    /// <summary>Memory for maps.</summary>
    /// <param name="hypotheses">The number of hypotheses.</param>
    /// <param name="elements">Elements of the file.</param>
    /// <param name="capacity">Maximum number of shuffles at once.</param>
    /// <param name="areCounted">Whether statistics are also counted.</param>
    public StatisticMaps(int hypotheses, int elements, int capacity, bool areCounted = false)
    {
        Tests = areCounted ? new(hypotheses, elements, capacity) : null;
        (Hypotheses, Elements, _capacity) = (hypotheses, elements, capacity);
        _values = [.. Enumerable.Range(0, hypotheses).Select(_ => new float[checked(elements * capacity)])];
    }

    /// <summary>The number of hypotheses.</summary>
    public int Hypotheses { get; }

    /// <summary>Elements of the file.</summary>
    public int Elements { get; }

    /// <summary>Counts and extremes of the statistics; null: none.</summary>
    public StatisticTests? Tests { get; }

    /// <summary>The numbers of the shuffles that it holds now.</summary>
    public ElementRange Shuffles { get; private set; }

    /// <summary>Empties the maps for other shuffles.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They exceed the capacity.</exception>
    public void Begin(ElementRange shuffles)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shuffles.Count, _capacity);
        Shuffles = shuffles;
        Tests?.Clear();
        for (var hypothesis = 0; hypothesis < Hypotheses; hypothesis++)
            Maps(hypothesis, 0, (int)shuffles.Count).Fill(float.NaN);
    }

    /// <summary>One map, by element id.</summary>
    /// <param name="hypothesis">The hypothesis.</param>
    /// <param name="shuffle">The shuffle, counted from the first that is held.</param>
    public Span<float> Map(int hypothesis, int shuffle) => Maps(hypothesis, shuffle, 1);

    /// <summary>Maps of consecutive shuffles, one after the other.</summary>
    public Span<float> Maps(int hypothesis, int first, int count) => _values[hypothesis].AsSpan(first * Elements, count * Elements);
}
