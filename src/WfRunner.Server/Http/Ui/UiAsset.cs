namespace WfRunner.Server.Http.Ui;

/// <summary>One file of the web UI, packed when the program was built.</summary>
/// <param name="Gzip">Its bytes as gzip.</param>
/// <param name="Brotli">Its bytes as brotli.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="EntityTag">Names exactly these bytes, quotes included.</param>
/// <param name="IsImmutable">Whether the name holds a hash of the content, so that a copy never gets old.</param>
internal sealed record UiAsset(byte[] Gzip, byte[] Brotli, string ContentType, string EntityTag, bool IsImmutable);
