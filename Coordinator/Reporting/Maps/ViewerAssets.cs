namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>The viewer's script and style sheet, which are embedded in the program and the same on every page.</summary>
internal static class ViewerAssets
{
    /// <summary>The script. It draws every element of the page that has the class <c>maps</c>.</summary>
    public static string Script { get; } = Read("viewer.js");

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = Read("viewer.css");

    private static string Read(string name)
    {
        using var stream = typeof(ViewerAssets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
