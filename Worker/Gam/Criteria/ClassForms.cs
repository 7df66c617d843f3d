using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A quadratic form by classes of groups: its part within groups, and one per class between them. Matrices are padded with zeros to a
/// multiple of four rows, so that loops over them have no remainders.
/// </summary>
/// <param name="Within">W.</param>
/// <param name="Between">A per class.</param>
internal sealed record ClassForms(DenseMatrix Within, DenseMatrix[] Between)
{
    /// <summary>The number of rows with the padding.</summary>
    public int Size => Within.Rows;

    /// <summary>The padded size of <paramref name="count"/> rows.</summary>
    public static int SizeOf(int count) => (count + 3) & ~3;

    /// <summary>A form with its padding.</summary>
    public static DenseMatrix Padded(DenseMatrix form)
    {
        var padded = new DenseMatrix(SizeOf(form.Rows), SizeOf(form.Rows));
        padded.SetBlock(0, 0, form);
        return padded;
    }
}
