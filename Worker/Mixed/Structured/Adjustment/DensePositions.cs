using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Adjustment;

/// <summary>The positions of a parameter in the covariance of the dense random effects: every group's entry, and its mirror
/// image.</summary>
internal ref struct DensePositions(RandomStructure structure, int parameter)
{
    private readonly StructuredTerm _term = structure.Terms[structure.Parameters[parameter].Term];
    private readonly ThetaParameter _entry = structure.Parameters[parameter];
    private readonly int _count =
        structure.Factors[structure.Terms[structure.Parameters[parameter].Term].Factor].Levels
        * (structure.Parameters[parameter].IsDiagonal ? 1 : 2);
    private int _next = -1;

    public readonly (int Row, int Column) Current
    {
        get
        {
            var isMirrored = !_entry.IsDiagonal && _next % 2 == 1;
            var at = _term.Start + (_term.Effects * (_entry.IsDiagonal ? _next : _next / 2));
            return isMirrored ? (at + _entry.Column, at + _entry.Row) : (at + _entry.Row, at + _entry.Column);
        }
    }

    public readonly DensePositions GetEnumerator() => this;

    public bool MoveNext() => ++_next < _count;
}
