namespace HpcFit.Coordinator.Imaging;

/// <summary>ModelArrayIO's file names for results and scalars.</summary>
internal static class MapNames
{
    /// <summary>The name with characters replaced that file names should not contain: blanks and slashes become <c>_</c>.</summary>
    public static string Safe(string name) => name.Replace(' ', '_').Replace('/', '_');
}
