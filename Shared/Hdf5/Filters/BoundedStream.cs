namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Stores what is written to it as long as it fits; after that it only records the overflow.</summary>
/// <param name="destination">Receives the bytes.</param>
internal sealed class BoundedStream(Memory<byte> destination) : Stream
{
    private int _length;

    /// <summary>Whether more was written than fits.</summary>
    public bool HasOverflowed { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        HasOverflowed |= buffer.Length > destination.Length - _length;
        if (HasOverflowed)
            return;
        buffer.CopyTo(destination.Span[_length..]);
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
