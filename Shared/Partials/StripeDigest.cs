using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Partials;

/// <summary>
/// The digests of the stored bytes that a block's values came from. They are compared with those of other attempts, and with those of the
/// file at the time when the results are written.
/// </summary>
/// <param name="Elements">The elements that were read together: a stripe, or a job's part of it. A digest depends on them.</param>
/// <param name="Scalars">XxHash128 of what was read of each scalar, 16 bytes each, in the model's order; empty where it could not be
/// read.</param>
public readonly record struct StripeDigest(ElementRange Elements, ReadOnlyMemory<byte> Scalars)
{
    /// <summary>Bytes of one scalar's digest.</summary>
    public const int BytesPerScalar = 16;

    /// <summary>Maximum bytes of all digests: 256 scalars.</summary>
    public const int MaxBytes = 256 * BytesPerScalar;

    /// <summary>Whether two blocks were read from the same elements and yet from different bytes.</summary>
    public bool Contradicts(StripeDigest other) =>
        Elements == other.Elements && !Scalars.IsEmpty && !other.Scalars.IsEmpty && !Scalars.Span.SequenceEqual(other.Scalars.Span);
}
