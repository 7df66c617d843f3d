namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The places in an undo journal: docs/formats/journal.md.</summary>
internal static class JournalFormat
{
    /// <summary>Where the byte of the state is, which is no part of the checksum.</summary>
    public const int StateAt = 8;

    /// <summary>Where the byte of activity is, from format 2 on no part of the checksum.</summary>
    public const int ActivityAt = 9;

    /// <summary>Where the format is, in one byte; five zero bytes follow. Format 1 left it zero.</summary>
    public const int FormatAt = 10;

    /// <summary>No operation on the data file is going on.</summary>
    public const byte Idle = 0;

    /// <summary>An operation on the data file has begun.</summary>
    public const byte Busy = 1;

    /// <summary>Where the header's length is, an int32; four zero bytes follow.</summary>
    public const int HeaderLengthAt = 16;

    /// <summary>Where the header begins.</summary>
    public const int HeaderAt = 24;

    /// <summary>A longer header is damage.</summary>
    public const int LongestHeader = 1 << 20;

    /// <summary>The state of a write that may have to be undone.</summary>
    public const byte Pending = (byte)'P';

    /// <summary>The state of a write that is whole: never rolled back.</summary>
    public const byte Committed = (byte)'C';

    /// <summary>How the file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'F', (byte)'U', (byte)'N', (byte)'D', (byte)'O', (byte)'\n'];
}
