namespace HpcFit.Coordinator.Imaging.Mif;

/// <summary>One line of a MRtrix header.</summary>
/// <param name="Key">What stands before the colon.</param>
/// <param name="Value">What stands behind it.</param>
internal sealed record MifLine(string Key, string Value)
{
    /// <summary>Takes a line apart; one without a colon is all key.</summary>
    public static MifLine Parse(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(line, "") : new(line[..colon].Trim(), line[(colon + 1)..].Trim());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Value}";
}
