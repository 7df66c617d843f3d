namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>How a page is looked at.</summary>
internal sealed record BrowserView
{
    /// <summary>The width of the window in CSS pixels; 400 is a telephone.</summary>
    public int Width { get; init; } = 1200;

    /// <summary>The height of the window in CSS pixels.</summary>
    public int Height { get; init; } = 900;

    /// <summary>Whether the user prefers dark colours.</summary>
    public bool IsDark { get; init; }

    /// <summary>Whether the page is laid out as for a printer.</summary>
    public bool IsPrinted { get; init; }

    /// <summary>Whether scripts may run.</summary>
    public bool HasScript { get; init; } = true;
}
