namespace HpcFit.Worker.Mixed.Reference;

/// <summary>A random term as the reference model uses it.</summary>
/// <param name="Effects">The number of effects per group.</param>
/// <param name="Codes">The group of each subject.</param>
/// <param name="Fill">Writes the effects of subjects, rows × effects: the finite subjects, those of the rows, the target.</param>
/// <param name="Restore">Writes the factor of the covariance of effects as typed, from that of the effects that were filled in.</param>
internal sealed record ReferenceTerm(int Effects, int[] Codes, EffectsOfRows Fill, RestoredFactor Restore);

/// <summary>Writes the effects of rows.</summary>
internal delegate void EffectsOfRows(ReadOnlySpan<int> finite, ReadOnlySpan<int> subjects, Span<double> target);

/// <summary>Writes the factor of the covariance matrix of the effects as typed.</summary>
internal delegate void RestoredFactor(ReadOnlySpan<double> factor, Span<double> target);
