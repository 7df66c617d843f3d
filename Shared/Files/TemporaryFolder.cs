using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace HpcFit.Shared.Files;

/// <summary>
/// Folders in TMPDIR whose names identify the process that created them: <c>PREFIX&lt;host&gt;-&lt;boot&gt;-&lt;process
/// namespace&gt;-&lt;pid&gt;-&lt;start&gt;-&lt;nonce&gt;</c>, numbers in hexadecimal. A killed process cannot remove its own; the next
/// process that creates a folder with the same prefix does.
/// </summary>
public static class TemporaryFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int NonceBytes = 8;

    /// <summary>Creates one that only this user may enter, and removes those of this user's processes that have ended.</summary>
    /// <param name="prefix">The beginning of its name.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">No folder can be created in TMPDIR, which the message names.</exception>
    public static string Create(string prefix)
    {
        var parent = Path.GetTempPath();
        try
        {
            RemoveAbandoned(parent, prefix);
            var folder = Path.Combine(parent, NameFor(prefix, ProcessIdentity.Self));
            return Directory.CreateDirectory(RequireParent(folder, parent), OwnerOnly).FullName;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"No temporary folder can be created in '{parent}': {refusal.Message} Set TMPDIR to a writable folder.",
                refusal
            );
        }
    }

    /// <summary>A new name for a process's folder.</summary>
    internal static string NameFor(string prefix, ProcessIdentity process) => $"{prefix}{Identity(process)}-{Nonce.Hex(NonceBytes)}";

    /// <summary>Removes folders of this user's processes that have certainly ended. Those that cannot be removed now are left for the next
    /// call.</summary>
    internal static void RemoveAbandoned(string parent, string prefix)
    {
        var self = ProcessIdentity.Self;
        foreach (var folder in Directory.EnumerateDirectories(parent, prefix + "*"))
        {
            if (
                Maker(Path.GetFileName(folder), prefix) is not { } maker
                || maker.IsAlive() != false
                || Posix.FindItself(folder)?.Owner != Posix.User
            )
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
            {
                // Another process is removing it, or a detached program still writes into it.
            }
        }

        // Names contain digests of host, boot and namespace, so only those of this machine can be decoded.
        ProcessIdentity? Maker(string name, string start)
        {
            if (
                !name.StartsWith(start, StringComparison.Ordinal)
                || name[start.Length..].Split('-') is not [var host, var boot, var space, var pid, var began, { Length: 2 * NonceBytes }]
            )
                return null;
            if (!int.TryParse(pid, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var process))
                return null;
            if (!long.TryParse(began, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var startTicks))
                return null;
            return new(
                host == Digest(self.Host) ? self.Host : "",
                boot == Digest(self.BootId) ? self.BootId : "",
                space == Digest(self.PidNamespace) ? self.PidNamespace : "",
                process,
                startTicks
            );
        }
    }

    private static string RequireParent(string folder, string parent) =>
        Directory.Exists(parent) ? folder : throw new DirectoryNotFoundException("it does not exist.");

    private static string Identity(ProcessIdentity process) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Digest(process.Host)}-{Digest(process.BootId)}-{Digest(process.PidNamespace)}-{process.Pid:x}-{process.Start:x}"
        );

    private static string Digest(string text) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)).ToString("x16", CultureInfo.InvariantCulture);
}
