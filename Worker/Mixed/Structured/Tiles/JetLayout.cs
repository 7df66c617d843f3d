namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The places of a value and its first and second derivatives in some variables (a jet of second order) in consecutive memory.
/// </summary>
/// <param name="Variables">The number of variables.</param>
internal readonly record struct JetLayout(int Variables)
{
    /// <summary>The number of places; that of the value is 0.</summary>
    public int Count => 1 + Variables + (Variables * (Variables + 1) / 2);

    /// <summary>The place of a first derivative.</summary>
    public static int First(int k) => 1 + k;

    /// <summary>The place of a second derivative.</summary>
    public int Second(int k, int l) => 1 + Variables + (k >= l ? (k * (k + 1) / 2) + l : (l * (l + 1) / 2) + k);
}
