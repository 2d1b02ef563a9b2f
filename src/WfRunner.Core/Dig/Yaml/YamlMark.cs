namespace WfRunner.Core.Dig.Yaml;

/// <summary>A position in a text.</summary>
/// <param name="Index">UTF-16 units before it.</param>
/// <param name="Line">From 0.</param>
/// <param name="Column">UTF-16 units from the start of the line.</param>
internal readonly record struct YamlMark(int Index, int Line, int Column);
