using System.Globalization;
using System.Text.RegularExpressions;
using HpcFit.Coordinator.Writing.Failures;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>Recognises from libhdf5's messages whether the file system refused, and whether for lack of space.</summary>
internal static partial class DiskRefusal
{
    /// <summary>Whether a system call failed.</summary>
    public static bool IsIn(string text) => ErrorNumber().IsMatch(text);

    /// <summary>Whether it failed for lack of space: disk, quota, or file-size limit.</summary>
    public static bool IsOutOfSpace(string text) =>
        ErrorNumber()
            .Matches(text)
            .Any(match =>
                int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
                    is DiskErrors.FileTooLarge
                        or DiskErrors.NoSpace
                        or DiskErrors.QuotaExceeded
            )
        || text.Contains("No space left", StringComparison.OrdinalIgnoreCase)
        || text.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"errno = (\d+)")]
    private static partial Regex ErrorNumber();
}
