namespace HpcFit.Coordinator.Imaging;

/// <summary>ModelArrayIO's names of files made from names of results and scalars.</summary>
internal static class MapNames
{
    /// <summary>The name with what file names should not hold replaced: blanks and slashes become <c>_</c>.</summary>
    public static string Safe(string name) => name.Replace(' ', '_').Replace('/', '_');
}
