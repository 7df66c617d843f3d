using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Imaging;

/// <summary>The log messages of conversions and exports.</summary>
internal static partial class ImagingLog
{
    [LoggerMessage(301, LogLevel.Information, "{What}: {Done:N0} of {Total:N0}, {Left} left")]
    public static partial void Progress(this ILogger log, long done, long total, string what, string left);

    [LoggerMessage(302, LogLevel.Information, "{What}: {Done:N0} in {Elapsed}")]
    public static partial void Finished(this ILogger log, long done, string what, string elapsed);

    [LoggerMessage(
        303,
        LogLevel.Information,
        "Scalar {Scalar}: subjects {Subjects:N0}, elements {Elements:N0}, {Type}, chunks of all subjects x {Width:N0}"
    )]
    public static partial void ScalarPlanned(this ILogger log, string scalar, int subjects, int elements, string type, int width);

    [LoggerMessage(304, LogLevel.Information, "Wrote {File}: {Bytes:N0} bytes, for {Values:N0} bytes of values before compression")]
    public static partial void FileWritten(this ILogger log, string file, long bytes, long values);

    [LoggerMessage(
        305,
        LogLevel.Warning,
        "The analysis {Analysis} has rows for {Rows:N0} of {Elements:N0} elements; the maps are NaN at the others"
    )]
    public static partial void SubsetExported(this ILogger log, string analysis, long rows, long elements);

    [LoggerMessage(
        308,
        LogLevel.Warning,
        "The analysis {Analysis} has no column names; its results are called component001 and so on, in the order in which they are stored"
    )]
    public static partial void ColumnsWithoutNames(this ILogger log, string analysis);

    [LoggerMessage(309, LogLevel.Warning, "{What}")]
    public static partial void NotCompared(this ILogger log, string what);

    [LoggerMessage(310, LogLevel.Warning, "{Map}: {Count:N0} values are beyond the range of float32, and infinite in the map")]
    public static partial void BeyondSingles(this ILogger log, string map, int count);

    [LoggerMessage(311, LogLevel.Warning, "Scalar {Scalar}: rows of the cohort without a file are skipped: {Count:N0} (rows {Rows})")]
    public static partial void RowsLeftOut(this ILogger log, string scalar, int count, string rows);

    [LoggerMessage(
        312,
        LogLevel.Warning,
        "Scalar {Scalar}: images with integers beyond {Limit:N0}, which {Type} rounds: {Count:N0}, the first is {Image}"
    )]
    public static partial void IntegersRounded(this ILogger log, string scalar, long limit, string type, int count, string image);

    [LoggerMessage(
        313,
        LogLevel.Information,
        "Elements where {Condition}: {Count:N0} of {Rows:N0}; the others have the background's value"
    )]
    public static partial void Thresholded(this ILogger log, string condition, int count, int rows);

    [LoggerMessage(314, LogLevel.Warning, "No element of {Rows:N0} meets {Condition}: the maps have the background's value everywhere")]
    public static partial void NothingShown(this ILogger log, string condition, int rows);

    [LoggerMessage(315, LogLevel.Warning, "{Note}")]
    public static partial void Extrapolated(this ILogger log, string note);

    [LoggerMessage(306, LogLevel.Information, "Maps written into {Folder}: {Count:N0}")]
    public static partial void MapsWritten(this ILogger log, int count, string folder);

    [LoggerMessage(307, LogLevel.Information, "Wrote {File}: scalar {Scalar}, column {Column}, source {Source}")]
    public static partial void ScalarMapWritten(this ILogger log, string file, string scalar, int column, string source);
}
