using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace HpcFit.Shared.Files;

/// <summary>
/// Folders in TMPDIR whose name identifies the process that made them: <c>PREFIX&lt;host&gt;-&lt;boot&gt;-&lt;process
/// namespace&gt;-&lt;pid&gt;-&lt;start&gt;-&lt;nonce&gt;</c>, numbers in hexadecimal. A process that is killed cannot remove its own; the
/// next one that makes a folder with the same prefix does.
/// </summary>
public static class TemporaryFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int NonceBytes = 8;

    /// <summary>Makes one that only this user may enter, and removes those of this user's processes that are gone.</summary>
    /// <param name="prefix">What the name begins with.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">TMPDIR takes no folder; the message names it.</exception>
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
                $"No temporary folder can be made in '{parent}': {refusal.Message} Set TMPDIR to a folder that exists and can be written.",
                refusal
            );
        }
    }

    /// <summary>A new name for a folder of a process.</summary>
    internal static string NameFor(string prefix, ProcessIdentity process) => $"{prefix}{Identity(process)}-{Nonce.Hex(NonceBytes)}";

    /// <summary>Removes folders of this user's processes that are proven dead. What cannot be removed stays for the next one.</summary>
    internal static void RemoveAbandoned(string parent, string prefix)
    {
        var self = ProcessIdentity.Self;
        foreach (var folder in Directory.EnumerateDirectories(parent, prefix + "*"))
        {
            if (Maker(Path.GetFileName(folder), prefix) is not { } maker || maker.IsAlive() != false || Posix.OwnerOf(folder) != Posix.User)
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
            {
                // Another process removes it at this moment, or a program that left its session still writes into it.
            }
        }

        // Names hold digests of host, boot and namespace, so they are known for this machine only.
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
