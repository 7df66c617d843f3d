using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Files;

/// <summary>Small JSON files that appear complete or not at all.</summary>
public static class JsonFile
{
    /// <summary>Reads a file that must exist.</summary>
    /// <exception cref="BadInputException">It does not exist, or does not match <paramref name="type"/>.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var text = JsonText.Read(path).Span;
            JsonText.RefuseUnusableValues(path, text);
            return JsonSerializer.Deserialize(text, type) ?? throw new BadInputException($"'{path}' holds null; an object was expected.");
        }
        catch (JsonException failure)
        {
            throw new BadInputException($"'{path}' cannot be read: {JsonText.Describe(failure)}", failure);
        }
    }

    /// <summary>
    /// Reads a file that is only for display or otherwise dispensable; null when it is missing, empty, damaged, or written by a newer
    /// program.
    /// </summary>
    public static T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Read(path, type);
        }
        catch (Exception unreadable) when (unreadable is BadInputException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Creates or replaces a file atomically. With <paramref name="durable"/> it survives a power cut once this returns.
    /// </summary>
    public static void Replace<T>(string path, T value, JsonTypeInfo<T> type, bool durable = true)
    {
        Place(
            path,
            value,
            type,
            durable,
            temporary =>
            {
                File.Move(temporary, path, overwrite: true);
                return true;
            }
        );
        if (durable)
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Creates a file; false if one of that name exists, which is left unchanged.</summary>
    public static bool TryCreate<T>(string path, T value, JsonTypeInfo<T> type)
    {
        if (!Place(path, value, type, durable: true, temporary => Posix.Link(temporary, path)))
            return false;
        try
        {
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch
        {
            File.Delete(path); // created by this call, which reports a failure and must leave nothing behind
            throw;
        }
        return true;
    }

    private static bool Place<T>(string path, T value, JsonTypeInfo<T> type, bool durable, Func<string, bool> place) =>
        WholeFile.Place(
            path,
            file =>
            {
                JsonSerializer.Serialize(file, value, type);
                file.Flush();
                if (durable)
                    Posix.Sync(file.SafeFileHandle, path);
            },
            place
        );
}
