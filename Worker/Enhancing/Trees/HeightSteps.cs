namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>The sum of h^H over levels: those of positive and those of negative statistics.</summary>
/// <param name="isStrict">Whether a cluster consists of the elements above a level, not also of those at it.</param>
internal abstract class HeightSteps(bool isStrict) : HeightMeasure
{
    /// <summary>The levels of positive statistics.</summary>
    protected HeightLevels Positive { get; } = new();

    /// <summary>The levels of negative statistics; by default the same.</summary>
    protected virtual HeightLevels Negative => Positive;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<float> map, ReadOnlySpan<int> order, Span<TreeNode> nodes)
    {
        // Heights fall along the order, and with them the number of levels that an element reaches.
        var (positive, negative) = (Positive.Count, Negative.Count);
        foreach (var element in order)
        {
            var (statistic, height) = (map[element], Height(map[element]));
            if (statistic > 0)
            {
                positive = Reached(Positive, height, positive);
                nodes[element].Measure = Positive.Sum(positive);
            }
            else
            {
                negative = Reached(Negative, height, negative);
                nodes[element].Measure = Negative.Sum(negative);
            }
        }
    }

    private int Reached(HeightLevels levels, double height, int reached)
    {
        while (reached > 0 && (isStrict ? height <= levels.Height(reached - 1) : height < levels.Height(reached - 1)))
            reached--;
        return reached;
    }
}
