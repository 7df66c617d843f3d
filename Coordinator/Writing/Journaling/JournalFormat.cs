namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The offsets in an undo journal: docs/formats/journal.md.</summary>
internal static class JournalFormat
{
    /// <summary>The offset of the state byte, which the checksum does not cover.</summary>
    public const int StateAt = 8;

    /// <summary>The offset of the activity byte, which the checksum does not cover from format 2 on.</summary>
    public const int ActivityAt = 9;

    /// <summary>The offset of the format, one byte; five zero bytes follow. Format 1 left it zero.</summary>
    public const int FormatAt = 10;

    /// <summary>No operation on the data file is going on.</summary>
    public const byte Idle = 0;

    /// <summary>An operation on the data file has begun.</summary>
    public const byte Busy = 1;

    /// <summary>The offset of the header's length, an int32; four zero bytes follow.</summary>
    public const int HeaderLengthAt = 16;

    /// <summary>The offset of the header.</summary>
    public const int HeaderAt = 24;

    /// <summary>The maximum length of the header; a longer one is damage.</summary>
    public const int LongestHeader = 1 << 20;

    /// <summary>The state of a write that may have to be undone.</summary>
    public const byte Pending = (byte)'P';

    /// <summary>The state of a complete write, which is never rolled back.</summary>
    public const byte Committed = (byte)'C';

    /// <summary>The first bytes of the file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'F', (byte)'U', (byte)'N', (byte)'D', (byte)'O', (byte)'\n'];
}
