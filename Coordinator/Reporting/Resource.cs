namespace HpcFit.Coordinator.Reporting;

/// <summary>Files that are built into the program.</summary>
internal static class Resource
{
    /// <summary>The text of a file.</summary>
    public static string Read(string name)
    {
        using var stream =
            typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource '{name}' is not built into the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
